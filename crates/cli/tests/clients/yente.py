"""A client of yente's interface, as teams write one by OpenSanctions' documentation: `requests`, a session, a key.

Usage: yente.py ADDRESS CUSTOMERS.csv, with API_KEY and SLOW_KEY in the environment. Knows nothing of interdict: it would ask
api.opensanctions.org or a yente of one's own in the same way. Prints what it found as one JSON object; `yente_client.rs` judges it.
"""

import csv
import itertools
import json
import os
import sys

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

DATASET = "default"
CHUNK = 4
# So that a service that hangs fails the test and does not hold it.
TIMEOUT = 30


def open_session(key):
    """A session that shows its key on every request, and that waits and asks again where it is told to."""
    session = requests.Session()
    # Neither a proxy nor a .netrc of the machine that runs the tests has a say.
    session.trust_env = False
    session.headers["Authorization"] = f"ApiKey {key}"
    again = Retry(
        total=30,
        status_forcelist=[429, 502, 503, 504],
        allowed_methods=["GET", "POST"],
        respect_retry_after_header=True,
    )
    session.mount("http://", HTTPAdapter(max_retries=again))
    return session


class Client:
    """The routes that a screening team uses."""

    def __init__(self, address, session):
        self.address = address.rstrip("/")
        self.session = session

    def get(self, path, **params):
        return self.session.get(f"{self.address}{path}", params=params, timeout=TIMEOUT)

    def match(self, queries, **params):
        """The answer to each query, by the id that the caller gave it."""
        response = self.session.post(
            f"{self.address}/match/{DATASET}",
            json={"queries": queries},
            params=params,
            timeout=TIMEOUT,
        )
        response.raise_for_status()
        assert int(response.headers["x-batch-size"]) == len(queries)
        return response.json()["responses"]

    def search(self, text, **params):
        response = self.get(f"/search/{DATASET}", q=text, **params)
        response.raise_for_status()
        return response.json()

    def every_hit(self, text, page, **params):
        """All hits of a search, page by page."""
        for offset in itertools.count(0, page):
            found = self.search(text, limit=page, offset=offset, **params)
            yield from found["results"]
            if offset + page >= found["total"]["value"]:
                return


def best(answer):
    """What a desk looks at: status, number of hits, and the best of them."""
    hits = answer["results"]
    first = hits[0] if hits else None
    return {
        "status": answer["status"],
        "total": answer["total"],
        "ids": [hit["id"] for hit in hits],
        "first": first and {name: first[name] for name in ("caption", "schema", "score", "match", "datasets")},
        "asked": answer["query"],
    }


def match_several(client):
    queries = {
        "customer-1": {
            "schema": "Person",
            "properties": {"name": ["Arkadij Samsonowitsch Belogorov"], "birthDate": ["1961-03-02"], "country": "Russia"},
        },
        "customer-2": {"schema": "Company", "properties": {"name": "Quillon Sigma Trading", "innCode": ["7707083893"]}},
        "customer-3": {"schema": "Person", "properties": {"name": ["Nobody Whatsoever"]}},
    }
    return {key: best(answer) for key, answer in client.match(queries).items()}


def match_by_parameters(client):
    """The same person under other thresholds, algorithms and filters."""
    query = {"q": {"schema": "Person", "properties": {"name": ["Arkady Belogorow"]}}}
    return {
        name: best(client.match(query, **params)["q"])
        for name, params in {
            "strict": {"threshold": 0.99},
            "named": {"algorithm": "logic-v1", "threshold": 0.5},
            "best": {"algorithm": "best", "threshold": 0.5, "limit": 1},
            "known": {"exclude_entity_ids": ["NK-belogorov"], "threshold": 0.5},
            "of_topics": {"topics": ["sanction", "role.pep"], "threshold": 0.5},
            "of_other_topics": {"topics": ["wanted"], "threshold": 0.5},
            "of_other_lists": {"exclude_dataset": ["people"], "threshold": 0.5},
        }.items()
    }


def look_up(client):
    found = client.search("belogorov", topics=["sanction", "role.pep"], countries=["ru", "by"], schema="Person")
    moved = client.get("/entities/old-belogorov")
    moved.raise_for_status()
    flat = client.get("/entities/NK-belogorov", nested="false")
    flat.raise_for_status()
    catalog = client.get("/catalog")
    catalog.raise_for_status()
    return {
        "search": {"total": found["total"], "ids": [hit["id"] for hit in found["results"]], "facets": sorted(found["facets"])},
        "pages": [hit["id"] for hit in client.every_hit("petrov", 2)],
        "moved": {
            "steps": [step.status_code for step in moved.history],
            "path": moved.url.removeprefix(client.address),
            "id": moved.json()["id"],
            "sanctions": [near["properties"]["authority"] for near in moved.json()["properties"]["sanctions"]],
        },
        "flat": sorted(flat.json()["properties"]),
        "datasets": [dataset["name"] for dataset in catalog.json()["datasets"]],
    }


def screen_file(client, path):
    """A customer file, some rows a request; what came of each row."""
    hits = {}
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        while chunk := list(itertools.islice(rows, CHUNK)):
            queries = {}
            for row in chunk:
                schema = row.pop("schema")
                key = row.pop("id")
                properties = {name: [value] for name, value in row.items() if value}
                queries[key] = {"schema": schema, "properties": properties}
            for key, answer in client.match(queries).items():
                hits[key] = [hit["id"] for hit in answer["results"] if hit["match"]]
    return hits


def refusals(client, address):
    """What `raise_for_status` makes of requests that cannot be answered."""
    person = {"schema": "Person", "properties": {"name": ["A B"]}}

    def fault(request):
        try:
            request().raise_for_status()
        except requests.HTTPError as error:
            return {"status": error.response.status_code, "detail": error.response.json()["detail"]}
        return None

    def post(body, dataset=DATASET, **params):
        url = f"{client.address}/match/{dataset}"
        return lambda: client.session.post(url, json=body, params=params, timeout=TIMEOUT)

    stranger = open_session("itd_0")
    return {
        "stranger": fault(lambda: stranger.get(f"{address}/catalog", timeout=TIMEOUT)),
        "nobody": fault(lambda: client.get("/entities/nobody")),
        "no_dataset": fault(post({"queries": {"q": person}}, dataset="nowhere")),
        "no_algorithm": fault(post({"queries": {"q": person}}, algorithm="guess")),
        "no_schema": fault(post({"queries": {"q": {"properties": {"name": ["A"]}}}})),
        "too_many": fault(post({"queries": {str(at): person for at in range(101)}})),
        "too_long": fault(post({"queries": {"q": person}}, limit=501)),
    }


def main(address, customers):
    client = Client(address, open_session(os.environ["API_KEY"]))
    # A key of one request a second: the adapter is told to wait, waits, and every answer comes.
    slow = Client(address, open_session(os.environ["SLOW_KEY"]))
    found = {
        "several": match_several(client),
        "by_parameters": match_by_parameters(client),
        "looked_up": look_up(client),
        "file": screen_file(client, customers),
        "refused": refusals(client, address),
        "slow": [slow.get("/catalog").status_code for _ in range(3)],
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
