"""Automatic layout, for models that come without a drawing."""

from processmodels.bpmn.layout.assembly import lay_out

__all__ = ["lay_out"]
