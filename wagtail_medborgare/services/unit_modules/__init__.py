"""What units show on My services by themselves, without a developer.

====================  =========================================================
``base``              the contract of a kind, and the hook that registers more
``text``              a text and links
``service_list``      services that the unit has chosen
``feed``              news from a feed of the unit's own
``opening_hours``     open or closed, today and this week
``showing``           which modules this visitor sees, in which order, and why
``panels``, ``forms`` the form that shows only the fields of the chosen kind
====================  =========================================================
"""
