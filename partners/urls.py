from django.urls import path

from partners.views import entry, organizations, vetting

app_name = "partners"

urlpatterns = [
    path("", entry.start, name="start"),
    path("partners/", organizations.organization_list, name="organizations"),
    path("partners/add/", organizations.add, name="add"),
    path("partners/<slug:partner>/assessments/", vetting.vet, name="vet"),
    path("partners/<slug:partner>/remind/", organizations.remind, name="remind"),
]
