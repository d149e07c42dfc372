"""What is known of single languages: their function words, their abbreviations, and which one a text is written in."""
