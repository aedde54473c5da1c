"""Files for people: pictures now, slides, workbook and annex later."""
