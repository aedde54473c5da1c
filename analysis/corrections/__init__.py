"""The analyst's decisions: kept as data, anchored in the text, applied on every run, undoable.

``data/corrections.csv`` has a row for each decision (:mod:`~analysis.corrections.rows` reads it,
:mod:`~analysis.corrections.store` adds to it). A run takes those that stand
(:mod:`~analysis.corrections.log`), finds where their text is now
(:mod:`~analysis.corrections.anchors`, :mod:`~analysis.corrections.places`) and applies each right
after the stage that made its field (:mod:`~analysis.corrections.replay`), so that later stages and
every count see it. What no longer fits is told with its reason, never dropped in silence.
"""
