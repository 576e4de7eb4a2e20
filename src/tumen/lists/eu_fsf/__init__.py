"""The European Union's consolidated list of financial sanctions (FSF), in all its formats."""
