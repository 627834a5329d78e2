"""News from other systems, never waited for longer than one budget.

==============  ===============================================================
``parsing``     RSS, Atom and JSON Feed, from whoever sends them
``reading``     which feeds are asked now, and what is shown when they are silent
==============  ===============================================================
"""
