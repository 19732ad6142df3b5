"""A dashboard for everybody: few figures of what became public, over time and by department, each with its list."""
