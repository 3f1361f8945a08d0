package dev.ballast.server.form;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.lang.annotation.Annotation;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Gives what is read an ETag, and answers 304 to whoever has it already ({@code If-None-Match}). A
 * tag is a hash of what would be sent; it is weak, since that may be compressed.
 */
public class EntityTags {
  private static final int BYTES = 12;

  private final ObjectMapper mapper;

  @Inject
  EntityTags(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  @ServerResponseFilter
  public void tag(ContainerRequestContext request, ContainerResponseContext response)
      throws JsonProcessingException {
    MediaType type = response.getMediaType();
    if (!request.getMethod().equals("GET")
        || response.getStatus() != Response.Status.OK.getStatusCode()
        || !response.hasEntity()
        || response.getEntity() instanceof StreamingOutput
        || type == null
        || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
      return;
    }
    byte[] body = mapper.writeValueAsBytes(response.getEntity());
    EntityTag tag = new EntityTag(hash(body), true);
    response.getHeaders().putSingle(HttpHeaders.ETAG, tag);
    response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (request.getRequest().evaluatePreconditions(tag) != null) {
      response.setStatusInfo(Response.Status.NOT_MODIFIED);
      response.setEntity(null);
    } else {
      response.setEntity(body, new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
    }
  }

  private static String hash(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
