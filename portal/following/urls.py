"""Addresses of what one follows. Those of the feeds are open to whoever knows the token."""

from django.urls import include, path, re_path

from portal.following import feeds, views

feed_patterns = [
    path("", feeds.everything, name="everything"),
    path("following/", feeds.following, name="following"),
    path("kind/<slug:key>/", feeds.kind, name="kind"),
    path("tag/<slug:slug>/", feeds.tag, name="tag"),
    path("department/<slug:slug>/", feeds.department, name="department"),
    re_path(r"^record/(?P<letter>[A-Z])-(?P<number>[0-9]{1,9})/$", feeds.record, name="record"),
    path("newsletter/<slug:slug>/", feeds.newsletter, name="newsletter"),
    path("search/<int:pk>/", feeds.saved_search, name="search"),
]

urlpatterns = [
    path("following/", views.following, name="following"),
    path("following/<int:pk>/", views.subscription, name="subscription"),
    path("following/seen/", views.seen, name="seen"),
    path("following/search/", views.save_search, name="save_search"),
    path("following/feeds/", views.feed_address, name="feed_address"),
    path("follow/<slug:what>/<int:key>/", views.follow, name="follow"),
    path("feeds/<str:token>/", include((feed_patterns, "feeds"))),
]
