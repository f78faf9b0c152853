"""Technologies by the purpose they serve: two of one purpose exclude each other, two of different ones do not."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# For each purpose its name in both languages, and the technologies with the pattern that finds them.
PURPOSES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "database": ("database", "データベース", {
        "PostgreSQL": r"postgres(?:ql)?|pgvector", "MySQL": r"mysql", "MariaDB": r"mariadb", "SQLite": r"sqlite3?",
        "MongoDB": r"mongo(?:db)?", "Cassandra": r"cassandra", "DynamoDB": r"dynamodb", "Oracle": r"oracle(?: database)?",
        "SQL Server": r"sql server|mssql", "CockroachDB": r"cockroach(?:db)?", "Firestore": r"firestore",
        "CouchDB": r"couchdb",
    }),
    "cache": ("cache", "キャッシュ", {"Redis": r"redis", "Memcached": r"memcached?", "Valkey": r"valkey"}),
    "broker": ("message broker", "メッセージブローカー", {
        "RabbitMQ": r"rabbit ?mq", "Kafka": r"kafka", "NATS": r"nats", "SQS": r"sqs", "Redis": r"redis",
    }),
    "frontend": ("web client", "フロントエンド", {
        "React": r"react(?:\.?js)?(?! native)", "Vue": r"vue(?:\.?js)?", "Angular": r"angular(?:js)?",
        "Svelte": r"svelte(?:kit)?", "Ember": r"ember\.?js", "SolidJS": r"solid\.?js",
    }),
    "web framework": ("web framework", "Webフレームワーク", {
        "Django": r"django", "Flask": r"flask", "FastAPI": r"fastapi", "Rails": r"(?:ruby on )?rails",
        "Laravel": r"laravel", "Express": r"express\.?js", "Spring": r"spring boot", "NestJS": r"nest\.?js",
    }),
    "styling": ("styling", "スタイル", {
        "Tailwind": r"tailwind(?: ?css)?", "Bootstrap": r"bootstrap", "Bulma": r"bulma",
        "Material UI": r"material[- ]ui|mui",
    }),
    "language": ("language", "言語", {
        "Python": r"python", "Java": r"java", "Ruby": r"ruby", "Rust": r"rust", "PHP": r"php", "Kotlin": r"kotlin",
        "C#": r"c#", "Scala": r"scala", "Elixir": r"elixir", "Go": r"golang", "Perl": r"perl",
    }),
    "continuous integration": ("continuous integration", "CI", {
        "GitHub Actions": r"github actions", "CircleCI": r"circle ?ci", "GitLab CI": r"gitlab[- ]ci",
        "Jenkins": r"jenkins", "Travis CI": r"travis(?:[- ]ci)?",
    }),
    "orchestration": ("orchestration", "オーケストレーション", {
        "Kubernetes": r"kubernetes|k8s", "Docker Swarm": r"docker swarm", "Nomad": r"nomad", "ECS": r"ecs",
    }),
    "cloud": ("cloud", "クラウド", {
        "AWS": r"aws|amazon web services|ec2|s3 bucket|aws lambda", "Google Cloud": r"google cloud|gcp|cloud run",
        "Azure": r"azure",
    }),
    "Python tests": ("Python tests", "Pythonのテスト", {"pytest": r"pytest", "unittest": r"unittest"}),
    "JavaScript tests": ("JavaScript tests", "JavaScriptのテスト", {
        "Vitest": r"vitest", "Jest": r"jest", "Mocha": r"mocha",
    }),
    "browser tests": ("browser tests", "ブラウザテスト", {
        "Playwright": r"playwright", "Cypress": r"cypress", "Selenium": r"selenium",
    }),
    "API style": ("API style", "APIの方式", {
        "GraphQL": r"graphql", "REST": r"rest(?:ful)?(?= ?api|\b[^a-z]*エンドポイント| endpoints?)", "gRPC": r"grpc", "SOAP": r"soap",
    }),
    "JavaScript packages": ("JavaScript packages", "JavaScriptのパッケージ管理", {
        "npm": r"npm(?! scripts?)", "Yarn": r"yarn", "pnpm": r"pnpm", "Bun": r"bun",
    }),
    "Python packages": ("Python packages", "Pythonのパッケージ管理", {
        "pip": r"pip", "Poetry": r"poetry", "uv": r"uv", "PDM": r"pdm", "Pipenv": r"pipenv",
    }),
    "infrastructure": ("infrastructure", "インフラの記述", {
        "Terraform": r"terraform", "Pulumi": r"pulumi", "CloudFormation": r"cloudformation", "OpenTofu": r"opentofu",
    }),
    "database access": ("database access", "データベースへのアクセス", {
        "raw SQL": r"raw sql|plain sql|asyncpg|生の?sql", "SQLAlchemy": r"sqlalchemy", "Prisma": r"prisma",
        "TypeORM": r"typeorm", "Tortoise": r"tortoise(?: orm)?",
    }),
    "error tracking": ("error tracking", "エラー収集", {
        "Sentry": r"sentry", "Rollbar": r"rollbar", "Bugsnag": r"bugsnag",
    }),
    "search engine": ("search engine", "検索エンジン", {
        "Elasticsearch": r"elastic ?search", "OpenSearch": r"opensearch", "Solr": r"solr",
        "Meilisearch": r"meilisearch", "Algolia": r"algolia",
    }),
    "bundler": ("bundler", "バンドラー", {
        "Webpack": r"webpack", "Vite": r"vite", "Parcel": r"parcel\.?js", "Rollup": r"rollup(?:\.?js)?",
    }),
    "client state": ("client state", "状態管理", {"Redux": r"redux", "MobX": r"mobx", "Zustand": r"zustand"}),
    "reverse proxy": ("reverse proxy", "リバースプロキシ", {
        "nginx": r"nginx", "Caddy": r"caddy", "Traefik": r"traefik", "HAProxy": r"haproxy",
    }),
    "containers": ("containers", "コンテナ", {"Docker": r"docker(?! swarm)", "Podman": r"podman"}),
    "identity provider": ("identity provider", "認証基盤", {
        "Auth0": r"auth0", "Keycloak": r"keycloak", "Cognito": r"cognito", "Okta": r"okta",
    }),
    "payments": ("payments", "決済", {"Stripe": r"stripe", "PayPal": r"paypal", "Adyen": r"adyen"}),
    "mail delivery": ("mail delivery", "メール配信", {
        "SendGrid": r"sendgrid", "Mailgun": r"mailgun", "Postmark": r"postmark",
    }),
    "formatter": ("formatter", "フォーマッター", {"Black": r"black", "Ruff": r"ruff", "yapf": r"yapf"}),
}  # fmt: skip

# What one technology may serve for several purposes says which it is; otherwise it is the first of them.
SEVERAL = {
    "Redis": (
        ("broker", re.compile(r"queue|broker|message|event|job|pub/?sub|キュー|ジョブ|メッセージ", re.I)),
        "cache",
    )
}
# "Go" is a verb too: only after "in", "with", "using", or before a noun of the trade, is it the language.
GO = re.compile(
    r"(?:\b(?:in|with|using|to|use|learn) |^)Go(?= |[.,]|$)(?! (?:to|on|ahead|back|through|over|with)\b)|\bGo (?:linter|service|module|code|"
    r"program|tool|backend)\b|Go(?:言語|で)"
)
EDGE = r"(?<![A-Za-z0-9_]){}(?![A-Za-z0-9_])"
SOURCE_BEFORE = re.compile(
    r"(?:\bfrom|\binstead of|\brather than|\breplac\w+|\bdrop(?:ping)?|\bremov\w+|\bleav\w+|\bnot|\boff)\s+(?:the |our |old )?(?:\w+ )?$",
    re.IGNORECASE,
)
SOURCE_AFTER = re.compile(r"^\s*(?:から|の?代わり|をやめ|ではなく|でなく|を(?:廃止|撤去|削除)| dumps?\b)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A technology in a text; `source` when the text leads away from it."""

    purpose: str
    name: str
    source: bool


_PATTERNS = {
    purpose: {name: re.compile(EDGE.format(f"(?:{pattern})"), re.IGNORECASE) for name, pattern in names.items()}
    for purpose, (_, _, names) in PURPOSES.items()
}
EVERY_PURPOSE = frozenset(PURPOSES)


def mentions_of(text: str, purposes: Collection[str] = EVERY_PURPOSE) -> list[Mention]:
    """The technologies that the text names, each once for each of the purposes."""
    found = {}
    for purpose in purposes:
        for name, pattern in _PATTERNS[purpose].items():
            if (match := pattern.search(text)) and _serves(name, purpose, text):
                found[purpose, name] = Mention(purpose, name, _is_source(text, match))
    if "language" in purposes and (match := GO.search(text)):
        found["language", "Go"] = Mention("language", "Go", _is_source(text, match))
    return list(found.values())


def _serves(name: str, purpose: str, text: str) -> bool:
    if name not in SEVERAL:
        return True
    (special, words), usual = SEVERAL[name]
    return purpose == (special if words.search(text) else usual)


def _is_source(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 20]
    return SOURCE_BEFORE.search(before) is not None or SOURCE_AFTER.search(after) is not None


def rivals_of(text: str) -> list[str]:
    """The lower-case names of everything that serves the same purposes as what the text names; to search for."""
    purposes = {mention.purpose for mention in mentions_of(text)}
    return sorted({name.lower() for purpose in purposes for name in PURPOSES[purpose][2]})


def purpose_in(purpose: str, *, japanese: bool) -> str:
    english, in_japanese, _ = PURPOSES[purpose]
    return in_japanese if japanese else english
