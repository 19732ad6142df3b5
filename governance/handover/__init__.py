"""What happens when the house changes: teams hand over, persons leave, departments are renamed, moved and merged."""
