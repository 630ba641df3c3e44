"""Java 15 and newer: `java Ask.java` runs it."""

from __future__ import annotations

import json

from mooring.deployments.snippets.question import Question, lines

_TRUSTING = (
    "keytool -importcert -noprompt -file cert.pem -keystore own.jks -storepass changeit && "
    "java -Djavax.net.ssl.trustStore=own.jks -Djavax.net.ssl.trustStorePassword=changeit Ask.java"
)


def write(question: Question) -> str:
    """The program."""
    key = question.variable
    body = question.json.replace("\\", "\\\\").replace('"""', '\\"""')
    return lines(
        [f"// {remark}" for remark in question.remarks(trusting=_TRUSTING)],
        "import java.net.URI;",
        "import java.net.http.HttpClient;",
        "import java.net.http.HttpRequest;",
        "import java.net.http.HttpResponse;",
        "",
        "public class Ask {",
        "    public static void main(String[] arguments) throws Exception {",
        '        String body = """',
        f"            {body}",
        '            """;',
        f"        HttpRequest request = HttpRequest.newBuilder(URI.create({json.dumps(question.url)}))",
        '            .header("Content-Type", "application/json")',
        [f'            .header("Authorization", "Bearer " + System.getenv("{key}"))'] if key else [],
        "            .POST(HttpRequest.BodyPublishers.ofString(body))",
        "            .build();",
        "        HttpResponse<String> response =",
        "            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());",
        '        System.out.println(response.statusCode() + " " + response.body());',
        "    }",
        "}",
    )
