package dev.ballast.server.form;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.store.BallastJson;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the API speak the JSON of results and of the worker protocol. */
class JsonForm {
  @Produces
  @Singleton
  ObjectMapper mapper() {
    return BallastJson.mapper().copy();
  }
}
