"""Functions on text for all stages: cleaning, sentences, words, and relevance to a question.

Workers and the event loop both use these modules, so they import only light parts of the standard library.
"""
