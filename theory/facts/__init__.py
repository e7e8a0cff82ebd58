"""The trusted base: cited facts as schemas, one file per field."""
