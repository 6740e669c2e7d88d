"""A Graph SDK, `msgraph` or `msgraph_beta`, pointed at Tenure. The two have the same names: one story serves both."""

import importlib
import re

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration

FOLDERS = ["models.identity_governance", "models.o_data_errors", "models"]


class KnownToken(AccessTokenProvider):
    """The token of a local server; it is sent to whatever host the client is pointed at."""

    def __init__(self, token):
        self.token = token
        self.hosts = AllowedHostsValidator([])

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return self.token

    def get_allowed_hosts_validator(self):
        return self.hosts


class Sdk:
    """`sdk.Workflow` is the SDK's model of that name."""

    def __init__(self, package):
        self.package = package

    def __getattr__(self, name):
        module = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        for folder in FOLDERS:
            try:
                found = importlib.import_module(f"{self.package}.generated.{folder}.{module}")
            except ModuleNotFoundError:
                continue
            return getattr(found, name)
        raise AttributeError(f"{self.package} has no model {name}")

    def client(self, base, token):
        adapters = importlib.import_module(f"{self.package}.graph_request_adapter")
        adapter = adapters.GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(KnownToken(token)))
        adapter.base_url = base  # before the client is made, which otherwise points it at Microsoft
        return importlib.import_module(self.package).GraphServiceClient(request_adapter=adapter)

    def body_of(self, action, name):
        """The body of an action, such as `ActivatePostRequestBody`; these stand beside the request builder."""
        folder = type(action).__module__.rpartition(".")[0]
        module = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        return getattr(importlib.import_module(f"{folder}.{module}"), name)()


def asking(builder, **options):
    """What a `get` takes to send query options: `asking(users, filter="…")`."""
    parameters = getattr(type(builder), f"{type(builder).__name__}GetQueryParameters")
    return RequestConfiguration(query_parameters=parameters(**options))
