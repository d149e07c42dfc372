"""How files get into a knowledge base: found, read on every core, kept, and told when they are safe."""
