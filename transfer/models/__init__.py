"""All tables of the app, so that Django finds them."""

from transfer.models.formats import ExchangeFormat

__all__ = ["ExchangeFormat"]
