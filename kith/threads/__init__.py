"""What people say to each other about records: notes and answers, files, who follows what, and who is told of it.

All of it happens to any object, so it is the platform's: it knows records by their object's key and their number, and reads them through
the gate alone.
"""
