"""Serve personalised pages without rendering them: by what was asked of the visitor.

==================  ===========================================================
``middleware``      the way of a request through the cache
``addresses``       what of a request decides which page it is, and who bypasses
``manifests``       what was asked of visitors while a page was rendered
``bodies``          a rendered page as it is stored, and what may be stored
``watching``        what a page was made from: the database, cookies, the token
``changes``         what has changed, and so which pages are out of date
``store``           Django's cache, which may be slow, empty or gone at any time
==================  ===========================================================
"""
