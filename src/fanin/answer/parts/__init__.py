"""Questions of several parts: how they are divided, and which sentences answer each part."""
