package dev.ballast.operator.pool;

import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;

/** The volumes of a worker's pod; all of them end with it. */
final class PodVolumes {
  static final String DATA = "data";
  static final String TEMPORARY = "tmp";
  static final String SHARED_MEMORY = "shm";
  static final String TOKEN = "token";
  static final String CREDENTIALS = "model-credentials";

  /** Nobody but the controller takes the token of a pod. */
  private static final String AUDIENCE = "ballast";

  private static final long TOKEN_SECONDS = 3600;

  private PodVolumes() {}

  static List<Volume> of(PoolSettings pool) {
    List<Volume> volumes =
        new ArrayList<>(List.of(empty(DATA), empty(TEMPORARY), sharedMemory(), token()));
    pool.modelSecret().map(PodVolumes::credentials).ifPresent(volumes::add);
    return volumes;
  }

  private static Volume empty(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }

  /** Chromium shares memory between its processes; the default of 64 MiB kills tabs. */
  private static Volume sharedMemory() {
    return new VolumeBuilder()
        .withName(SHARED_MEMORY)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity("2Gi"))
        .endEmptyDir()
        .build();
  }

  private static Volume token() {
    return new VolumeBuilder()
        .withName(TOKEN)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken(AUDIENCE, TOKEN_SECONDS, "token")
        .endSource()
        .endProjected()
        .build();
  }

  private static Volume credentials(String secret) {
    return new VolumeBuilder()
        .withName(CREDENTIALS)
        .withNewSecret()
        .withSecretName(secret)
        // Without it workers do come up, and say what a server refuses them.
        .withOptional(true)
        .endSecret()
        .build();
  }
}
