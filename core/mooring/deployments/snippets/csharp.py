"""C# 11, .NET 7 and newer, as top-level statements."""

from __future__ import annotations

import json

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The program."""
    key = question.variable
    bearer = (
        'client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", '
        f'Environment.GetEnvironmentVariable("{key}"));'
    )
    return lines(
        [
            f"// {remark}"
            for remark in question.remarks(trusting="SSL_CERT_FILE=cert.pem dotnet run (on Linux)")
        ],
        ["using System.Net.Http.Headers;"] if key else [],
        "using System.Text;",
        "",
        "using var client = new HttpClient();",
        [bearer] if key else [],
        f"var url = {json.dumps(question.url)};",
        f"var body = {_raw(question.json)};",
        "",
        'var content = new StringContent(body, Encoding.UTF8, "application/json");',
        "var response = await client.PostAsync(url, content);",
        'Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");',
    )


def _raw(text: str) -> str:
    """A raw string literal on lines of its own: a quote at its end must not touch the delimiter."""
    quotes = '"""'
    while quotes in text:
        quotes += '"'
    return f"{quotes}\n    {text}\n    {quotes}"
