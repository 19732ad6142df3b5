"""The dates of formats: setting, moving and calling them off; the calendar file and the agenda on paper."""
