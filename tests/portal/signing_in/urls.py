"""The portal's addresses as they are when a directory is set."""

from django.urls import include, path

from portal.signing_in.urls import of_the_directory
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*portal, path("accounts/", include(of_the_directory()))]
