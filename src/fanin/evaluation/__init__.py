"""How good answers are: questions with what their answers must hold, asked, judged, counted and compared."""
