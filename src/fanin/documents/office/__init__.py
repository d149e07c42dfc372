"""Files of office programs: texts, spreadsheets and slides, in Office Open XML and OpenDocument."""
