def recipients(team, exclude=()): return []
def tell(users, *, subject, path, record=None, lines=()): pass
