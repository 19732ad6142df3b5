"""All addresses. English, readable and permanent."""

from django.contrib import admin
from django.urls import include, path, re_path

from portal import near_views, search_views, views
from portal.attachment_text.views import unread_files

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search_views.search, name="search"),
    # A dot, as below.
    path("search/suggest.json", search_views.suggest, name="suggest_search"),
    path("search/alike/", near_views.alike, name="alike"),
    path("search/similar/<str:short_number>/", near_views.similar, name="similar"),
    path("search/attachments/", unread_files, name="unread_files"),
    path("search/synonyms/", include("portal.synonyms.urls")),
    path("", include("portal.missing.urls")),
    path("tags/", views.tag_index, name="tag_index"),
    # A dot, which no word of the vocabulary has in its address.
    path("tags/suggest.json", views.suggest_tags, name="suggest_tags"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("", include("portal.following.urls")),
    path("desk/", include("portal.desk.urls")),
    path("dashboard/", include("portal.dashboard.urls")),
    path("tasks/", views.tasks, name="tasks"),
    path("upkeep/", include("portal.upkeep.urls")),
    path("help/", views.help_index, name="help"),
    path("help/datenschutz/", views.privacy, name="privacy"),
    path("help/<slug:slug>/", views.help_page, name="help_page"),
    path("accounts/", include("portal.account_urls")),
    path("learnings/", include("learnings.urls")),
    path("processmodels/", include("processmodels.urls")),
    path("transfer/proofs/", include("transfer.proofs.urls")),
    path("transfer/", include("transfer.urls")),
    path("governance/", include("governance.urls")),
    path("administration/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    re_path(r"^(?P<letter>[A-Za-z])-(?P<number>[0-9]{1,9})/?$", views.short_number, name="short_number"),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"
