"""Exchange formats themselves: the list, the page of each, founding and ending them."""
