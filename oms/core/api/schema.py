"""The schema the API serves, with problem documents as its errors."""

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """drf-spectacular's view of a view, with our tags: the first part of the path."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation_id(self) -> str:
        return super().get_operation_id().removeprefix("api_v1_")
