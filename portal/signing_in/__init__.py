"""Signing in beyond a password: by the house's directory (OpenID Connect, LDAP) and with a second factor."""
