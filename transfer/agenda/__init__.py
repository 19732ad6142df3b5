"""What is talked about: taking records along, own topics, their order."""
