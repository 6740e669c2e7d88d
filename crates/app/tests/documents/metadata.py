"""OData libraries read `$metadata`: odatapy builds its model of it, python-odata asks for people by it.

usage: metadata.py BASE    with a token in TENURE_TOKEN
"""

import os
import sys

import requests
from odata import ODataService
from odatapy.edm import Edm, FullQualifiedName
from odatapy.edm.xml_io import XmlEdmProvider

LIFECYCLE = "microsoft.graph.identityGovernance"


def model(base):
    """The model, as somebody without a token gets it, every name in it resolved."""
    session = requests.Session()
    session.trust_env = False
    answer = session.get(f"{base}/$metadata")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/xml"), answer
    provider = XmlEdmProvider(answer.content)
    edm = Edm(provider)
    for schema in provider.get_schemas():
        for type_ in schema.entity_types + schema.complex_types:
            structured = edm.get_structured_type(FullQualifiedName(schema.namespace, type_.name))
            structured.base_type
            for property_ in structured.get_properties() + structured.get_navigation_properties():
                property_.type
        for operation in schema.actions + schema.functions:
            for parameter in operation.parameters:
                edm.resolve_type(parameter.type)
            if operation.return_type:
                edm.resolve_type(operation.return_type.type)
    return edm


def says_what_graph_says(edm):
    workflow = edm.get_entity_type(FullQualifiedName(LIFECYCLE, "workflow"))
    assert workflow.key_predicate_names == ["id"]
    assert workflow.get_navigation_property("runs").contains_target
    assert workflow.get_structural_property("isEnabled").type_fqn == "Edm.Boolean"
    category = edm.get_enum_type(FullQualifiedName(LIFECYCLE, "lifecycleTaskCategory"))
    assert category.is_flags and category.value_of_member("mover") == 8
    status = edm.get_enum_type(FullQualifiedName(LIFECYCLE, "lifecycleWorkflowProcessingStatus"))
    assert status.member_names.index("unknownFutureValue") < status.member_names.index("canceling")
    activate = edm.get_action(FullQualifiedName(LIFECYCLE, "activate"))
    assert activate.is_bound and activate.parameter_names[-1] == "subjects"
    summaries = edm.get_functions(FullQualifiedName(LIFECYCLE, "summary"))
    bound = {function.binding_parameter_type()[0].split(".")[-1] for function in summaries}
    assert {"run", "userProcessingResult", "taskReport"} <= bound, bound
    governance = edm.entity_container.get_singleton("identityGovernance")
    assert governance.get_binding_target("lifecycleWorkflows/workflows/createdBy") == "users"


def asks_for_people(base):
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {os.environ['TENURE_TOKEN']}"
    service = ODataService(f"{base}/", session=session, reflect_entities=True, quiet_progress=True)
    people = service.entities["users"]
    found = service.query(people).filter(people.displayName == "Ann").order_by(people.displayName.asc())
    assert [person.userPrincipalName for person in found] == ["ann@example.com"]


base = sys.argv[1]
says_what_graph_says(model(base))
asks_for_people(base)
