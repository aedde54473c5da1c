"""Files for people: pictures, the briefing, the workbook and the annex."""
