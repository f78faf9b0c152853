"""Import of the data exports of ChatGPT and Claude."""
