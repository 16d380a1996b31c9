"""The versions of the schema, in order: `make schema` writes them, `solely init` applies them."""
