package dev.ballast.server.door.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRuleTest {
  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/namespaces/a/jobs,                  list,   testjobs,     a",
    "HEAD,   /api/v1/namespaces/a/jobs/x,                get,    testjobs,     a",
    "GET,    /api/v1/namespaces/a/jobs/x/tasks/0/decision, get,  testjobs,     a",
    "POST,   /api/v1/namespaces/a/jobs,                  create, testjobs,     a",
    "PATCH,  /api/v1/namespaces/a/jobs/x,                patch,  testjobs,     a",
    "DELETE, /api/v1/namespaces/a/jobs/x,                delete, testjobs,     a",
    "GET,    /api/v1/namespaces/a/results,               list,   testjobs,     a",
    "GET,    /api/v1/namespaces/a/events,                list,   testjobs,     a",
    "GET,    /api/v1/namespaces/a/pools,                 list,   browserpools, a",
    "GET,    /api/v1/namespaces/a/pools/x,               get,    browserpools, a",
    "GET,    /api/v1/namespaces/a/workers,               list,   browserpools, a",
    "GET,    /api/v1/namespaces/a/forecasts,             list,   browserpools, a",
    "GET,    /api/v1/namespaces/%61/jobs,                list,   testjobs,     a",
    "GET,    /api/v1/jobs,                               list,   testjobs,     ''",
    "GET,    /api/v1/events,                             list,   testjobs,     ''",
    "GET,    /api/v1/results,                            list,   testjobs,     ''",
    "GET,    /api/v1/pools,                              list,   browserpools, ''",
    "GET,    /api/v1/workers,                            list,   browserpools, ''",
    "GET,    /api/v1/profiles,                           list,   browserpools, ''",
    "POST,   /api/v1/score,                              list,   browserpools, ''",
    "POST,   /api/v1/workers/w.team/drain,               update, browserpools, team",
    "PUT,    /api/v1/what/comes/next,                    update, browserpools, ''",
  })
  void whatMustBeAllowedIsWhatKubectlWouldNeed(
      String method, String path, String verb, String resource, String namespace) {
    assertThat(AccessRule.of(method, path)).contains(new AccessRule(verb, resource, namespace));
  }

  @ParameterizedTest
  @CsvSource({"GET, /", "GET, /console/main.js", "GET, /q/openapi", "POST, /api/v1/session"})
  void whatTellsNothingIsForWhomeverTheClusterKnows(String method, String path) {
    assertThat(AccessRule.of(method, path)).isEqualTo(Optional.empty());
  }
}
