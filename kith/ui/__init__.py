"""The windows of the house: generic screens for every object, the shell around them, their styles and scripts.

Nothing here knows what a record is about. What is shown, edited, filtered and sorted is asked of `ObjectType`, `Field` and `Kind`.
"""
