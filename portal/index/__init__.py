"""The search index: derived from the catalogue, written in the transaction that publishes, built anew beside itself."""
