"""Import and export of any object: files of rows in, files of rows out."""
