// JSON Patch (RFC 6902), the operations that the server sends: add, remove, replace. The value that was is left as it is.

const parts = (path) => path.split("/").slice(1).map((each) => each.replace(/~1/g, "/").replace(/~0/g, "~"));

export const patched = (value, operations) => operations.reduce((now, each) => applied(now, parts(each.path), each), value);

function applied(value, path, operation) {
  if (!path.length) return operation.value;
  const [name, ...rest] = path;
  if (Array.isArray(value)) {
    const copy = [...value], at = name === "-" ? copy.length : Number(name);
    if (rest.length) copy[at] = applied(copy[at], rest, operation);
    else if (operation.op === "add") copy.splice(at, 0, operation.value);
    else if (operation.op === "remove") copy.splice(at, 1);
    else copy[at] = operation.value;
    return copy;
  }
  const entries = new Map(Object.entries(value ?? {}));
  if (rest.length) entries.set(name, applied(entries.get(name), rest, operation));
  else if (operation.op === "remove") entries.delete(name);
  else entries.set(name, operation.value);
  return Object.fromEntries(entries);
}
