<?php
// The first page asks for PostgreSQL at the server that the environment names.
$server = getenv('ADMINER_DEFAULT_SERVER');
if ($server !== false && $_GET === [] && $_POST === []) {
    header('Location: ?pgsql=' . rawurlencode($server));
    exit;
}
chdir('/usr/share/adminer/adminer');
require '/usr/share/adminer/adminer/index.php';
