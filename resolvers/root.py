"""The schema: all queries, mutations and subscriptions."""

import strawberry

from resolvers.mutations import Mutation
from resolvers.queries import Query
from resolvers.subscriptions import Subscription
from schema.arguments import describe_arguments

schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
describe_arguments(schema._schema)
