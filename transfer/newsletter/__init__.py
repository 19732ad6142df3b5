"""Issues of a newsletter: composing, releasing, reading them, and the files in which they leave the portal."""
