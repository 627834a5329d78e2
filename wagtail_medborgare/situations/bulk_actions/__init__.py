"""Tag many things at once, from the listings where editors already tick them."""
