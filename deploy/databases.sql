-- Three databases beside each other; each process has its own.
CREATE DATABASE gateway ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE billing ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE assistant ENCODING 'UTF8' TEMPLATE template0;
