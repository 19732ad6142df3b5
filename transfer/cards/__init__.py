"""Cards for the coffee corner: three sentences, short number, QR code; on A6, or four on a sheet of A4."""
