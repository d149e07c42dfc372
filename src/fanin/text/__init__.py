"""What every stage has to know about text: cleaning, sentences, words, and how well words fit a question.

Workers and the event loop both use these rooms, so they hold light parts of the standard library only.
"""
