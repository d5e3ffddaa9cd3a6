package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.UncheckedIOException;

/** The OpenAPI document as a judge of responses: version 3.1 has JSON Schema 2020-12 in it. */
record Contract(ObjectNode document) {
    static Contract of(String yaml) {
        try {
            return new Contract((ObjectNode) new YAMLMapper().readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    void accepts(String schema, String json) {
        ObjectNode root = document.objectNode();
        root.put("$ref", "#/components/schemas/" + schema);
        root.set("components", document.get("components"));
        try {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(root)
                            .validate(new ObjectMapper().readTree(json)))
                    .isEmpty();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
