"""What IAM's policies say about a call: pure, and knowing nothing of how calls arrive or where roles are.

The rules are those of the IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements reference".
"""
